"""Which distribution has what is imported, where the two have different names and everybody knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

KNOWN: Mapping[str, Sequence[str]] = {
    "jose": ("python-jose",), "jwt": ("pyjwt",), "yaml": ("pyyaml",), "PIL": ("pillow",),
    "cv2": ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"),
    "sklearn": ("scikit-learn",), "skimage": ("scikit-image",), "dotenv": ("python-dotenv",),
    "dateutil": ("python-dateutil",), "multipart": ("python-multipart",), "python_multipart": ("python-multipart",),
    "psycopg2": ("psycopg2-binary", "psycopg2"), "MySQLdb": ("mysqlclient",), "bs4": ("beautifulsoup4",),
    "Crypto": ("pycryptodome",), "Cryptodome": ("pycryptodomex",), "google.protobuf": ("protobuf",),
    "google.auth": ("google-auth",), "google.oauth2": ("google-auth",),
    "googleapiclient": ("google-api-python-client",),
    "grpc": ("grpcio",), "grpc_tools": ("grpcio-tools",), "attr": ("attrs",), "pkg_resources": ("setuptools",),
    "magic": ("python-magic",), "slugify": ("python-slugify",), "telegram": ("python-telegram-bot",),
    "OpenSSL": ("pyopenssl",), "ldap": ("python-ldap",), "nacl": ("pynacl",), "zmq": ("pyzmq",), "git": ("gitpython",),
    "websocket": ("websocket-client",), "socketio": ("python-socketio",), "engineio": ("python-engineio",),
    "crontab": ("python-crontab",), "docx": ("python-docx",), "pptx": ("python-pptx",), "fitz": ("pymupdf",),
    "serial": ("pyserial",), "usb": ("pyusb",), "markdown": ("markdown",), "github": ("pygithub",),
    "gitlab": ("python-gitlab",), "memcache": ("python-memcached",), "kafka": ("kafka-python", "kafka-python-ng"),
    "nats": ("nats-py",), "consul": ("python-consul",), "jenkins": ("python-jenkins",), "Levenshtein": ("levenshtein",),
    "ruamel.yaml": ("ruamel-yaml",), "discord": ("discord-py",), "win32api": ("pywin32",), "humps": ("pyhumps",),
    "sentry_sdk": ("sentry-sdk",), "opentelemetry.sdk": ("opentelemetry-sdk",), "faiss": ("faiss-cpu", "faiss-gpu"),
    "opentelemetry.trace": ("opentelemetry-api",), "opentelemetry.metrics": ("opentelemetry-api",),
    "prometheus_client": ("prometheus-client",), "sqlalchemy_utils": ("sqlalchemy-utils",), "pgvector": ("pgvector",),
}  # fmt: skip
"""Import names, some with the package's part, and their distributions; of several the first that is declared."""

ALIKE = ("python-{}", "py{}", "py-{}", "{}-python", "{}-py")
"""How the name of a distribution may differ from what is imported, where the monolith asks for it so."""

SHARED = frozenset({"azure", "google", "jaraco", "opentelemetry", "pyln", "ruamel", "zope"})
"""Packages of which each part has a distribution of its own, named after it."""

_SAME = """
    aioboto3 aiofiles aiohttp aiokafka aiomysql aioredis aiosmtplib aiosqlite alembic anthropic anyio apscheduler arq
    arrow asgiref asyncpg authlib babel bcrypt beanie black bleach blinker boto3 botocore cachetools celery certifi
    cffi chardet click cloudpickle colorama coloredlogs confluent_kafka cryptography dask databases deepdiff dill
    django docker dramatiq duckdb ecdsa elasticsearch email_validator emails eth_account faker fastapi fastapi_mail
    fastapi_users fastavro filelock flask flower fsspec geopy gevent greenlet gunicorn h11 h5py hiredis httpcore
    httptools httpx huey hvac idna itsdangerous jinja2 jmespath joblib jsonpatch jsonpointer jsonschema jwcrypto kombu
    langchain ldap3 limits litellm locust loguru lxml mako markupsafe marshmallow matplotlib minio mongoengine motor
    msgpack msgspec multidict mypy mypy_boto3 networkx nltk numba numpy oauthlib ollama onnxruntime openai openpyxl
    orjson packaging pandas paramiko passlib peewee pendulum phonenumbers pika plotly polars prometheus_client psutil
    psycopg psycopg_pool pyarrow pycountry pydantic pydantic_settings pymongo pymysql pyotp pypdf pytest
    pytest_asyncio pytz qrcode rapidfuzz redis regex reportlab requests requests_oauthlib rich rq rsa ruff scipy
    seaborn segno selenium sentence_transformers sentry_sdk setuptools simplejson six slowapi sniffio spacy sqlalchemy
    sqlmodel sse_starlette starlette statsmodels stripe structlog sympy tenacity tensorflow tiktoken toml tomli
    tomlkit torch torchvision tornado tqdm transformers trio twilio typer typing_extensions tzdata tzlocal ujson
    urllib3 uvicorn uvloop validators watchdog watchfiles web3 websockets werkzeug wtforms xgboost xmltodict yarl
    zstandard
"""
SAME = frozenset(_SAME.split())
"""Import names that everybody knows to be their distributions' as well, as indexes compare names."""
