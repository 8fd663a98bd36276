"""The other parties: passports, the ceremony that confirms them, and whom this node trusts."""
