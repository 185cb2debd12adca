"""An imitation of Scholar Feed on the loopback interface, with made-up people and papers and known truth.

- `world.site`: a real HTTP server with verbs (`add_paper`, `down`, `blocked`, …), for stories.
- `world.simulation`: a site that lives by itself, day by day, driven by a seed, and knows what it has served.
- `world.demo`: one week of five researchers in which something happens every day.

Nothing here knows the program that reads these pages. All names, titles and abstracts are invented.
"""
