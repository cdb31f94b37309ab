"""The demo neighbourhood: invented homes, people and two years of work, made by the ordinary actions."""
