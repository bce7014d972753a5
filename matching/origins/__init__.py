"""From a job held or a diploma (the origin) to our skills: find the title → follow the paths → weigh them → say why.

`titles` finds what a text or a code names, by the words that `title_words` compares; `job_paths` and `diploma_paths` follow
the rows of ROME, ESCO, ONISEP and the registers to our skills; `weighing` decides what each path is worth, `explanations` puts
it into words, `answers` joins them all; `held` adds the outcome to a text's skills. `docs/matching.md` is the guide.
"""
