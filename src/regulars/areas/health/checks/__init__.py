"""What this room looks at itself: database and disk, background work and mail, keys, the machine.

None of it needs the settings of the project to be whole: `regulars doctor` asks what it can even where they are not.
"""

from regulars.areas.health.checks import data, keys, machine, work

CHECKS = [*data.CHECKS, *work.CHECKS, *keys.CHECKS, *machine.CHECKS]
