"""Sites that change their template: all pages of a source are damaged alike, or changed without harm, overnight."""
