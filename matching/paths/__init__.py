"""Learning paths: from a gap to the trainings, with their sessions, that close it at the least cost, time or distance.

`problem` says what may be chosen and under which conditions; `pruning` leaves out what no best path needs; `program` is the
integer program, `linear` its bound; `sweep` says before which day no path ends; `equals` goes through what is left once the
first objective is least; `schedule` places what has no fixed date; `pareto` finds what lies between the best ones; `relaxing`
answers when nothing is possible. All of these are pure. `options` reads the choices from the catalogue, `funding` the dated
rules of who pays.
"""
