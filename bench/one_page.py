"""The least that a generator with Jinja2 can do: what ``generate.py`` compares with.

It starts, imports Jinja2, parses the API's documents, compiles one template of the size that a page
of code needs, and renders one page from them.

    python3 bench/one_page.py test_resources/ari > page.py
"""

import glob
import json
import os
import sys

import jinja2

_HERE = os.path.dirname(os.path.abspath(__file__))


def main() -> None:
    """Render the page of the documents in the folder that is named first."""
    documents = []
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.json"))):
        with open(path, encoding="utf-8") as file:
            documents.append(json.load(file))
    with open(os.path.join(_HERE, "one_page.j2"), encoding="utf-8") as file:
        text = file.read()
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string(text).render(documents=documents)
    sys.stdout.write(page)


main()
