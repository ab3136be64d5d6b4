"""Hindi as India writes it: the day first, hours to 24, Latin digits in lakh and crore (12,34,567).

Months are `E`: what Django calls the other form of their names is the one that is written (नवंबर, not नवमबर)."""

DATE_FORMAT = "j E Y"
SHORT_DATE_FORMAT = "d-m-Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j E Y, H:i"
SHORT_DATETIME_FORMAT = "d-m-Y H:i"
YEAR_MONTH_FORMAT = "E Y"
MONTH_DAY_FORMAT = "j E"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = (3, 2, 0)
