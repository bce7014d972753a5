"""The sentences of an equivalence: what each thing on a path is, how it is reached, and why nothing is answered. Pure.

One rule: a path must be readable by somebody of seventeen who has never heard of ROME, ESCO or SKOS.
"""

from collections.abc import Mapping

from matching.origins.weighing import EFFECTS, Path, Step, judge

Words = Mapping[str, tuple[str, str]]  # (French, English)

KINDS: Words = {
    "rome-title": ("Appellation ROME", "ROME job title"),
    "rome-job": ("Fiche ROME", "ROME job"),
    "rome-competence": ("Compétence ROME", "ROME competence"),
    "esco-occupation": ("Métier ESCO", "ESCO occupation"),
    "esco-skill": ("Compétence ESCO", "ESCO skill"),
    "onisep-job": ("Fiche métier Onisep", "Onisep job sheet"),
    "diploma": ("Diplôme (Onisep)", "Diploma (Onisep)"),
    "certification": ("Certification (RNCP ou RS)", "Certification (RNCP or RS)"),
    "training": ("Formation du catalogue", "Training of the catalogue"),
    "skill": ("Notre compétence", "Our skill"),
}

# Said before the thing reached: « … fait partie de la fiche » FICHE ROME.
RELATIONS: Words = {
    "": ("vous avez donné", "you gave"),
    "title-of": ("ce métier est décrit par", "this job is described by"),
    "core": ("au cœur du métier", "at the core of the job"),
    "emerging": ("compétence qui apparaît dans le métier", "emerging in the job"),
    "other": ("utile dans le métier, sans en être le cœur", "useful in the job, not at its core"),
    "same-job": ("le même métier dans ESCO", "the same job in ESCO"),
    "close-job": ("un métier proche dans ESCO", "a close job in ESCO"),
    "linked-job": ("un métier seulement relié dans ESCO", "a job that ESCO only links to it"),
    "essential": ("indispensable dans ce métier", "essential in this job"),
    "optional": ("utile dans ce métier", "optional in this job"),
    "same-diploma": ("le même diplôme dans un autre répertoire", "the same diploma in another register"),
    "replaced-by": ("remplacé depuis par", "since replaced by"),
    "prepared-by": ("préparé par", "prepared by"),
    "teaches": ("qui apprend à", "which teaches"),
    "suggested": (
        "qui, d'après son texte et sans confirmation, apprend à",
        "which, by its text and unconfirmed, teaches",
    ),
    "leads-to": ("mène au métier", "leads to the job"),
    "described-by": ("ce métier est décrit par", "this job is described by"),
    "exact": ("c'est la même compétence que", "the same skill as"),
    "close": ("c'est à très peu près", "very nearly the same as"),
    "narrow": ("c'est une partie de", "a part of"),
    "broad": ("c'est plus large que", "wider than"),
    "related": ("c'est voisin, sans être la même chose, de", "near to, without being the same as"),
}

STATUSES: Words = {
    "retired": ("retiré de son référentiel", "retired from its referential"),
    "withdrawn": ("n'est plus dans sa source", "no longer in its source"),
    "inactive": ("n'est plus enregistrée", "no longer registered"),
    "dropped": ("sa source ne fait plus ce lien", "its source no longer makes this link"),
}

STRENGTHS: Words = {
    "strong": ("lien direct", "direct link"),
    "fair": ("lien indirect", "indirect link"),
    "weak": ("lien faible", "weak link"),
}

_REFUSALS: Words = {
    "several": (
        "Plusieurs intitulés correspondent : précisez, ou donnez le code de celui que vous voulez dire.",
        "Several titles fit: be more precise, or give the code of the one you mean.",
    ),
    "near": (
        "Un seul intitulé s'en approche, sans être le même : donnez-le en entier, ou donnez son code.",
        "One title comes near, but it is not the same: give it in full, or give its code.",
    ),
    "nearest": (
        "Aucun intitulé n'a tous ces mots ; voici les plus proches : choisissez le vôtre, ou donnez son code.",
        "No title has all these words; here are the nearest: choose yours, or give its code.",
    ),
    "unknown": (
        "Aucun intitulé ne s'en approche. Essayez avec moins de mots (« technicien de laboratoire »), sans le nom de "
        "l'entreprise ni la ville, ou donnez un code (ROME H1503, ESCO, RNCP, Onisep FOR.123).",
        "No title comes near. Try fewer words (“laboratory technician”), without the employer or the town, or give a code "
        "(ROME H1503, ESCO, RNCP, Onisep FOR.123).",
    ),
    "not-loaded": (
        "Les intitulés de ces sources ne sont pas chargés ici : cette question n'a pas encore de réponse. "
        "(Exploitation : manage.py load_open_data.)",
        "The titles of these sources are not loaded here: this question has no answer yet. (Operators: manage.py "
        "load_open_data.)",
    ),
    "no-mapping": (
        "Aucune correspondance ne mène de cet intitulé à une compétence de notre référentiel : nous n'affirmons rien. "
        "Décrivez plutôt ce que vous y faisiez.",
        "No mapping leads from this title to a skill of our referential, so we claim nothing. Describe what you did instead.",
    ),
}

_CUT = (
    "Seuls les 20 premiers sont montrés : précisez.",
    "Only the first 20 are shown: be more precise.",
)


def say(words: Words, key: str, language: str) -> str:
    french, english = words[key]
    return english if language == "en" else french


def say_refusal(key: str, language: str) -> str:
    return say(_REFUSALS, key, language)


def say_cut(language: str) -> str:
    """Under a list of candidates that stops at the limit (`titles.MOST_CANDIDATES`)."""
    return _CUT[language == "en"]


_LEVELS: Words = {
    "core": ("c'est au cœur du métier", "it is at the core of the job"),
    "emerging": ("cela apparaît dans le métier", "it is emerging in the job"),
    "other": ("c'est utile dans le métier", "it is useful in the job"),
    "essential": ("c'est indispensable dans le métier", "it is essential in the job"),
    "optional": ("c'est utile dans le métier", "it is optional in the job"),
    "teaches": ("c'est le niveau que la formation donne", "it is the level that the training gives"),
}
_LOWERED: Words = {
    "close-job": ("le métier n'est que proche", "the job is only a close one"),
    "leads-to": (
        "le diplôme prépare au métier, sans l'avoir exercé",
        "the diploma prepares for the job, not yet held",
    ),
    "narrow": ("ce n'en est qu'une partie", "it is only a part of it"),
}


def say_level(path: Path, language: str) -> str:
    """Why the path gives the level that it gives."""
    relations = [step.relation for step in path]
    given = [say(_LEVELS, one, language) for one in relations if one in _LEVELS]
    lowered = [
        say(_LOWERED, one, language) for one in relations if EFFECTS[one].lowers or EFFECTS[one].softens
    ]
    joint = "; one level less: " if language == "en" else " ; un niveau de moins : "
    return joint.join(filter(None, (", ".join(given), ", ".join(lowered))))


_ASKED: Words = {
    "rome-competence": ("Le métier demande « {label} »", "The job asks for “{label}”"),
    "esco-skill": ("Le métier demande « {label} »", "The job asks for “{label}”"),
    "training": ("La formation « {label} » l'apprend.", "The training “{label}” teaches it."),
}
_ENDS: Words = {
    "exact": (" : c'est la même compétence.", ": it is the same skill."),
    "close": (" : c'est à très peu près la même compétence.", ": it is very nearly the same skill."),
    "narrow": (" : c'en est une partie.", ": it is a part of it."),
    "broad": (
        " : c'est plus large, celle-ci n'y est peut-être pas.",
        ": that is wider, and may not include this one.",
    ),
    "related": (" : c'est voisin, sans être la même chose.", ": that is near to it, not the same thing."),
    "teaches": ("", ""),
    "suggested": (" Personne ne l'a encore confirmé.", " Nobody has confirmed it yet."),
}
_BROKEN: Words = {
    "linked-job": (
        "ROME et ESCO ne font que relier ce métier à « {label} », qui peut être assez différent.",
        "ROME and ESCO only link this job to “{label}”, which may be rather different.",
    ),
    "leads-to": (
        "Ce n'est pas au cœur du métier auquel le diplôme mène.",
        "It is not at the core of the job that the diploma leads to.",
    ),
    "close-job": (
        "C'est seulement utile dans un métier proche.",
        "It is only useful in a job close to this one.",
    ),
}


def say_why(path: Path, language: str) -> str:
    """The path in one sentence or two, without a code: what is asked for or taught, and how near it is to our skill."""
    before, end = path[-2], path[-1]
    said = say(_ASKED, before.kind, language).format(label=before.label) + say(_ENDS, end.relation, language)
    if judge(path).level or end.relation in {"broad", "related", "suggested"}:
        return said
    broken = next((step for step in path if step.relation in _BROKEN), None)
    return f"{said} {say(_BROKEN, broken.relation, language).format(label=broken.label)}" if broken else said


def say_step(step: Step, language: str) -> str:
    """« au cœur du métier : compétence ROME 482635 « … » », with a word when it is outdated."""
    name = say(KINDS, step.kind, language)
    code = "" if step.kind in {"skill", "training"} else f" {step.code.rsplit('/', 1)[-1]}"
    quoted = f"“{step.label}”" if language == "en" else f"« {step.label} »"
    outdated = f" ({say(STATUSES, step.status, language)})" if step.status else ""
    relation = f"{say(RELATIONS, step.relation, language)} " if step.relation else ""
    return f"{relation}{name}{code} {quoted}{outdated}"


_REASONS: Words = {
    "job": ("Apportée par le métier « {title} ».", "Brought by the job “{title}”."),
    "diploma": ("Apportée par le diplôme « {title} ».", "Brought by the diploma “{title}”."),
}


def say_reason(is_job: bool, title: str, language: str) -> str:
    return say(_REASONS, "job" if is_job else "diploma", language).format(title=title)
