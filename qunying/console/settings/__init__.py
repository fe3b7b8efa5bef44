"""Settings: communities with their capabilities, accounts, sign-ins, the stop switch, the demo."""
