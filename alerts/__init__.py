"""Rules, verdicts, wording and receivers: who hears of an event, why, and in which words.

Event, Subject --judge--> Verdict … (the store keeps and groups them) … PendingMessage
PendingMessage --compose--> Message --Receiver.send--> delivered, or DeliveryError
"""
