"""The public evaluation of search: queries judged by two judges, figures with their intervals, and a guard against falls."""
