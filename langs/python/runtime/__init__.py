"""What every library made by this generator shares: transport, requests, models, events.

Nothing here knows the API it serves; what is special to it comes as data from the generated
modules beside this package.  Programs use those, and have no need to import from here.
"""
