package io.llmfleet.producer.api.rest;

/** Examples that the API's description shows. */
final class Examples {

    static final String CHAT =
            """
            {"type": "chat", "input": {"messages": [{"role": "user", "content": "Hello, world!"}]}}
            """;

    static final String CLASSIFY =
            """
            {
              "type": "classify",
              "input": {"text": "The parcel never came.", "labels": ["complaint", "praise", "question"]},
              "priority": "high",
              "deadline": "PT10M",
              "metadata": {"ticket": "4711"}
            }
            """;

    static final String BULK =
            """
            {"type": "embed", "input": {"text": "one"}}
            {"type": "embed", "input": {"text": "two"}, "priority": "low"}
            """;

    static final String BULK_ANSWER =
            """
            {"batch": "0199b3c8-5a10-7c1e-9a55-0d9a3f7b1c10"}
            {"line": 1, "id": "0199b3c8-5a10-7c1e-9a55-0d9a3f7b1c11"}
            {"line": 2, "error": {"title": "Bad Request", "status": 400, "detail": "/type unknown type; accepted: ...", \
            "errors": [{"field": "/type", "message": "unknown type; accepted: ..."}]}}
            """;

    static final String INVALID =
            """
            {
              "title": "Bad Request",
              "status": 400,
              "detail": "/input/text required property 'text' not found",
              "errors": [{"field": "/input/text", "message": "required property 'text' not found"}]
            }
            """;

    private Examples() {}
}
