"""What is said of a skill: held, denied or wished for, in the many ways of saying it."""

import pytest

from matching.reading.reader import read_text
from tests.matching.factories import real_lexicon

# Much of it looks like a denial.
HELD = """
Je ne fais pas que de l'HPLC.
Je ne fais pas seulement de l'HPLC mais aussi de l'ELISA.
Pas uniquement de l'HPLC.
Non seulement l'HPLC mais aussi l'ELISA.
Je ne compte plus les analyses HPLC que j'ai faites.
Pas un jour sans HPLC.
Il ne se passe pas une semaine sans que je fasse de l'HPLC.
Je n'ai aucun problème avec l'HPLC.
L'HPLC n'a plus de secret pour moi.
L'HPLC n'a aucun secret pour moi.
Je n'ai jamais cessé de faire de l'HPLC.
Je n'ai jamais arrêté l'HPLC.
Je ne peux pas me passer de l'HPLC.
Aucun lot ne part sans que je l'aie contrôlé par HPLC.
Il n'est pas un lot que je n'aie analysé par HPLC.
Je n'ai jamais raté une analyse HPLC.
Je n'ai jamais eu de problème en HPLC.
Ce n'est pas la première fois que je fais de l'HPLC.
Je ne suis pas novice en HPLC.
Je ne suis pas débutante en HPLC.
Je n'hésite pas à dépanner une HPLC.
J'ai réalisé pas moins de 200 analyses HPLC.
Je fais de la chromatographie, sans oublier l'HPLC.
Sans compter l'HPLC, que je pratique tous les jours.
Je travaille sans difficulté en HPLC.
Je n'ai pas peur de l'HPLC.
L'HPLC, ça ne s'oublie pas.
Je ne quitte jamais mon HPLC.
I don't just do HPLC.
I do not only run HPLC, I also run ELISA.
Never a day without HPLC.
Hardly a week goes by without HPLC.
I am no stranger to HPLC.
HPLC is nothing new to me.
I have never stopped doing HPLC.
I couldn't do without HPLC.
No batch leaves without my HPLC analysis.
No batch is released unless I have checked it by HPLC.
I am not new to HPLC.
I have no trouble with HPLC.
I never failed an HPLC run.
Not just HPLC but ELISA too.
HPLC holds no secrets for me.
I'm not afraid of HPLC.
No problem with HPLC.
I have no less than ten years of HPLC.
Il n'y a pas que l'HPLC dans ma vie : je fais aussi de l'ELISA.
Je n'ai fait que de l'HPLC pendant dix ans.
Rien ne m'échappe en HPLC.
Je ne lâche jamais mes HPLC du jour.
Jamais un lot sans HPLC.
Pas de libération sans HPLC, c'est moi qui la fais.
"""
DENIED = """
Je n'ai jamais fait d'HPLC.
L'HPLC, ça, je ne l'ai vue que dans les livres.
HPLC isn't something I've done.
HPLC is not covered.
L'HPLC n'est pas abordée.
L'HPLC fait l'objet d'un autre stage.
L'HPLC ne fait pas partie du programme.
Sans expérience en HPLC.
Aucune expérience en HPLC.
Je ne connais pas l'HPLC.
Pas d'HPLC.
Je n'ai pas encore fait d'HPLC.
HPLC : non.
HPLC : jamais pratiquée.
L'HPLC, je n'en ai jamais fait.
L'HPLC m'est inconnue.
Je ne sais pas faire d'HPLC.
Ni HPLC ni ELISA.
Je n'ai ni fait d'HPLC ni d'ELISA.
Zéro HPLC.
L'HPLC n'est pas mon domaine.
Tout sauf l'HPLC.
Excepté l'HPLC, j'ai tout fait.
Je n'ai pas eu l'occasion de faire de l'HPLC.
Je manque d'expérience en HPLC.
Il me manque l'HPLC.
Aucune notion d'HPLC.
HPLC non maîtrisée.
Jamais touché à l'HPLC.
Jamais mis les mains sur une HPLC.
I have never done HPLC.
No experience with HPLC.
No HPLC.
I don't know HPLC.
I haven't used HPLC yet.
HPLC is not something I have done.
Without HPLC experience.
I lack HPLC experience.
HPLC: none.
HPLC: never.
I have yet to use HPLC.
Neither HPLC nor ELISA.
Everything but HPLC.
I know nothing about HPLC.
Unfamiliar with HPLC.
Not trained on HPLC.
Je n'ai reçu aucune formation à l'HPLC.
L'HPLC, connais pas.
Étrangère à l'HPLC.
Mon poste ne comportait pas d'HPLC.
Je ne pratique pas l'HPLC.
Mes collègues font l'HPLC, pas moi.
Je n'ai aucune pratique de l'HPLC.
Je ne suis pas formé à l'HPLC.
Je n'ai pas de compétences en HPLC.
Pas de pratique en HPLC.
Pas encore d'HPLC.
Je débute et je n'ai donc pas fait d'HPLC.
HPLC : pas de notion.
L'HPLC, très peu pour moi.
Je n'ai pas touché à l'HPLC.
On ne m'a jamais montré l'HPLC.
I've never touched HPLC.
I have not done any HPLC.
I did not learn HPLC.
I do not have HPLC experience.
I don't have any HPLC experience.
I have zero HPLC experience.
No prior HPLC exposure.
HPLC I do not know.
I've had no exposure to HPLC.
Je suis incapable de faire une HPLC.
Je n'y connais rien en HPLC.
Je ne possède pas d'expérience en HPLC.
Je suis totalement étranger à l'HPLC.
Mon expérience n'inclut pas l'HPLC.
My experience does not include HPLC.
Je n'ai malheureusement pas pratiqué l'HPLC.
Sans avoir jamais fait d'HPLC.
Hormis l'HPLC, j'ai tout vu.
Il ne me manque que l'HPLC.
Seule l'HPLC me manque.
I'm missing HPLC.
Rien en HPLC.
Absence d'expérience en HPLC.
Ma lacune : l'HPLC.
Point faible : HPLC.
"""
WISHED = """
Je souhaite découvrir l'HPLC.
Ce qui me tente maintenant c'est l'HPLC.
J'aimerais apprendre l'HPLC.
Je voudrais me former à l'HPLC.
Je rêve de faire de l'HPLC.
Envie d'apprendre l'HPLC.
Prêt à apprendre l'HPLC.
Motivée pour me former en HPLC.
Mon objectif : apprendre l'HPLC.
Je vais bientôt commencer l'HPLC.
Je compte me former à l'HPLC.
L'HPLC m'intéresse beaucoup.
L'HPLC m'attire.
Curieux de l'HPLC.
Je cherche un poste avec de l'HPLC.
Je souhaiterais évoluer vers l'HPLC.
I would like to learn HPLC.
I'd love to work with HPLC.
Keen to learn HPLC.
Looking to move into HPLC.
I hope to be trained on HPLC.
Interested in HPLC.
Eager to discover HPLC.
I want to learn HPLC.
Willing to learn HPLC.
My goal is to work in HPLC.
HPLC: to be learnt.
Open to learning HPLC.
J'espère pouvoir pratiquer l'HPLC.
J'ai hâte de découvrir l'HPLC.
Je projette de me reconvertir dans l'HPLC.
Je ne demande qu'à apprendre l'HPLC.
J'envisage de me former à l'HPLC.
Je songe à apprendre l'HPLC.
Désireuse d'apprendre l'HPLC.
Ouverte à l'apprentissage de l'HPLC.
En recherche d'un poste avec HPLC.
Mon rêve serait de faire de l'HPLC.
J'attends ma formation HPLC.
I'm planning to learn HPLC.
I plan to take an HPLC course.
Aspiring HPLC analyst.
I'd be happy to learn HPLC.
Hoping to get HPLC training.
I am curious about HPLC.
Future goal: HPLC.
Ideally I would work with HPLC.
Je suis tentée par l'HPLC.
J'adorerais faire de l'HPLC.
Vivement l'HPLC !
Objectif professionnel : HPLC.
"""


def sentences(lines: str) -> list[str]:
    return lines.strip().splitlines()


def is_held(sentence: str) -> bool:
    return "hplc-analysis" in {one.code for one in read_text(sentence, real_lexicon()).held}


def is_compared(sentence: str) -> bool:
    """Whether the passage that names the skill is compared with skills, whatever labels say."""
    units = read_text(sentence, real_lexicon()).units
    return any("HPLC" in sentence[unit.start : unit.end] for unit in units)


@pytest.mark.parametrize("sentence", sentences(HELD))
def test_a_skill_when_it_is_told_then_is_held_and_its_passage_compared(sentence):
    assert is_held(sentence)
    assert is_compared(sentence)


@pytest.mark.parametrize("sentence", sentences(DENIED))
def test_a_skill_when_it_is_denied_then_is_not_held(sentence):
    assert not is_held(sentence)


@pytest.mark.parametrize("sentence", sentences(WISHED))
def test_a_skill_when_it_is_wished_for_then_is_not_held(sentence):
    assert not is_held(sentence)
