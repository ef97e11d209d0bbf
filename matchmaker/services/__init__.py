"""Use cases: functions of a unit of work and an actor. They never commit and never know the web."""
