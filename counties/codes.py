"""Code lists that parents and parent partners share (`domain.md` 3, 5.1)."""

from django.db import models


class Gender(models.TextChoices):
    WOMAN = "woman", "Woman"
    MAN = "man", "Man"
    NONBINARY = "nonbinary", "Non-binary"
    OTHER = "other", "Other"
    DECLINED = "declined", "Declined to say"
    UNKNOWN = "unknown", "Unknown"


class Language(models.TextChoices):
    """Common languages; any other ISO 639-3 code is accepted as well."""

    EN = "en", "English"
    ES = "es", "Spanish"
    HMN = "hmn", "Hmong"
    MWW = "mww", "White Hmong"
    HNJ = "hnj", "Green Hmong"
    SO = "so", "Somali"
    AR = "ar", "Arabic"
    ZH = "zh", "Chinese"
    RU = "ru", "Russian"
    MY = "my", "Burmese"
    LO = "lo", "Lao"
    ASE = "ase", "American Sign Language"


class Experience(models.TextChoices):
    """Shared experience a parent or partner may choose to name (`domain.md` 5.1)."""

    SUBSTANCE_USE = "substance_use", "Substance use and recovery"
    DOMESTIC_VIOLENCE = "domestic_violence", "Domestic violence"
    MENTAL_HEALTH = "mental_health", "Mental health"
    INCARCERATION = "incarceration", "Incarceration"
    TEEN_PARENTING = "teen_parenting", "Teen parenting"
    HOUSING = "housing", "Housing"
    POVERTY = "poverty", "Making ends meet"
    DISABILITY = "disability", "Disability"
    OTHER = "other", "Other"
