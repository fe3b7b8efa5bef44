#!/bin/sh
# Runs a script with the first Python that is new enough: PYTHON if given, else what is on PATH.
# A shell script, because the first thing a machine may lack is a usable Python.
found=""
for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
    version=$("$name" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue
    case $version in
        3.1[1-9].* | 3.[2-9]?.*) exec "$name" "$@" ;;
    esac
    found="$found $name is $version;"
done
echo "qunying needs Python 3.11 or newer; found:${found:- none}" >&2
echo "install one (Debian: apt install python3 python3-venv) or name it: make run PYTHON=/path/to/python3.11" >&2
exit 2
