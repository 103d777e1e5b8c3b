#!/usr/bin/env python3
"""Holds lines of cassettes against the JSON Schema that is published for them, with none of the project's own code.

Reads one line after the other on standard input and writes the number of each that the schema does not allow.
Exit status 0 when it allows all of them, 1 otherwise.

    cassette_lines.py cassette.schema.json < NAME.apdu.jsonl
"""

import json
import sys

from jsonschema import Draft202012Validator


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    refused = [number for number, line in enumerate(sys.stdin, 1) if not validator.is_valid(json.loads(line))]
    for number in refused:
        print(number)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
