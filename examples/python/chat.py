#!/usr/bin/env python3
"""Asks the fleet over HTTP with nothing but the standard library: a whole answer, a streamed one,
and a task that is fetched later.

    OPENAI_BASE_URL=http://127.0.0.1:8080/v1 OPENAI_API_KEY=$(cat .fleet/api-key) examples/python/chat.py

The openai package works as well: it reads the same two variables, so a program that uses it needs
no change at all.
"""

import json
import os
import sys
import urllib.error
import urllib.request
import uuid

QUESTION = "A queue keeps messages until they are read. What does a queue keep?"
PATIENCE_SECONDS = 120


def request(url, body=None, **headers):
    """The response to a POST of the body, or to a GET if there is none."""
    return urllib.request.urlopen(
        urllib.request.Request(
            url,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": "Bearer " + os.environ["OPENAI_API_KEY"],
                "Content-Type": "application/json",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        ),
        timeout=PATIENCE_SECONDS,
    )


def chat(base, model):
    body = {"model": model, "messages": [{"role": "user", "content": QUESTION}]}
    with request(base + "/chat/completions", body) as response:
        return json.load(response)["choices"][0]["message"]["content"]


def stream(base, model):
    """The pieces of the answer as they are made."""
    body = {"model": model, "stream": True, "messages": [{"role": "user", "content": QUESTION}]}
    with request(base + "/chat/completions", body) as response:
        for line in response:
            data = line.decode().strip().removeprefix("data: ")
            if not data.startswith("{"):
                continue  # blank lines, comments that keep the connection alive, [DONE]
            chunk = json.loads(data)
            if "error" in chunk:
                sys.exit("chat: the stream broke off: " + chunk["error"]["message"])
            for choice in chunk["choices"]:
                yield choice["delta"].get("content") or ""


def hand_over(api):
    """A task of its own: its id can be kept, and asked for by another process."""
    body = {"type": "chat", "input": {"text": QUESTION}}
    # However often this is sent with its key, it is one task.
    with request(api + "/tasks", body, Idempotency_Key=str(uuid.uuid4())) as response:
        return json.load(response)["id"]


def fetch(api, task):
    with request(api + "/tasks/" + task, Prefer="wait=60") as response:
        return json.load(response)


def main():
    base = os.environ.get("OPENAI_BASE_URL")
    if not base or "OPENAI_API_KEY" not in os.environ:
        sys.exit("chat: set OPENAI_BASE_URL (the fleet's URL with /v1) and OPENAI_API_KEY")
    model = os.environ.get("MODEL", "builtin-minilm")
    api = base.removesuffix("/v1") + "/api/v1"
    try:
        print("whole:", chat(base, model))
        print("streamed: ", end="")
        for piece in stream(base, model):
            print(piece, end="", flush=True)
        print()
        task = fetch(api, hand_over(api))
    except urllib.error.HTTPError as error:
        sys.exit(f"chat: {error.code}: {error.read().decode()}")
    if task["state"] != "SUCCEEDED":
        sys.exit(f"chat: {task['state']}: {task.get('failure')}")
    print("handed over:", task["result"]["output"]["choices"][0]["message"]["content"])


if __name__ == "__main__":
    main()
