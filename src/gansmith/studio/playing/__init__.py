"""The playground's page: a thread that plays, a socket that shows it, and a canvas."""
