"""French and English: which of two texts is shown. Pure: no Django, no engine.

One rule: French stands in where there is no English.
"""


def in_language(french: str, english: str, language: str) -> str:
    return (english if language == "en" else "") or french
