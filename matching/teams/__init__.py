"""A team's skills against the profiles that a site needs: who holds what, what would stop the site, and a costed plan.

`csv_table`, `pseudonyms`, `names`, `matrix` and `needs` read what people give; `levels` is the formula of
`matching.scoring` over a whole team; `assignment`, `gaps` and `validities` say where the team stands; `demands` and `plan`
choose sessions. All of these are pure. `courses` reads the catalogue, `analysis` puts the parts together, `report` and
`tables` tell the answer.
"""
