"""Words of a query that name nothing. Pure data.

Documents are indexed whole (so that the acronym MES is not lost as the French « mes »); only queries leave these out. The
last group are words that every document of a catalogue of jobs and trainings would match.
"""

STOPWORDS = frozenset(
    # French
    "a à ai aie ait alors après au aucun aucune aussi autre autres aux avais avait avant avec avez avoir avons c ça car ce "
    "ceci cela celle celles celui ces cet cette ceux chaque chez comme comment d dans de depuis des dès dont du durant elle "
    "elles en encore entre es est et étais était étant été être eu eux faire fais fait il ils j je jusque l la là laquelle le "
    "lequel les lesquels leur leurs lors lui m ma mais me même mes mien moi moins mon n ne ni nos notre nous on ont or ou où "
    "par parce pas pendant peu peut peux plus plusieurs pour pourquoi pouvoir près puis qu quand que quel quelle quelles quels "
    "qui quoi s sa sans se sera ses si soit son sont sous souvent suis sur t ta te tes toi ton tous tout toute toutes très tu "
    "un une vers veut veux voici voilà vont vos votre vous voudrais vouloir y aimerais souhaite cherche "
    # English
    "about after all also am an and any are as at be been but by can could did do does doing for from get had has have he her "
    "here him his how i if in into is it its just like me more most my no not of off on once only or other our out over own "
    "same she should so some such than that the their them then there these they this those through to too under until up very "
    "want was we were what when where which while who why will with would you your "
    # Words of the catalogue itself
    "formation formations former stage stages cours métier métiers emploi emplois poste postes travail travailler apprendre "
    "devenir training trainings course courses job jobs learn become work".split()
)
