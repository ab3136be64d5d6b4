"""What every room stands on and what knows no customer: text, money, time, keys, databases, jobs, registries."""
