"""Recording, replaying and comparing exchanges with a REST server, for the libraries' tests."""
