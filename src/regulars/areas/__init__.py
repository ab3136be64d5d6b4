"""The rooms, one package each. A room looks down, never up, never sideways; `ARCHITECTURE.md` names the floors."""
