#!/usr/bin/env python3
# vim: fileencoding=latin-1
