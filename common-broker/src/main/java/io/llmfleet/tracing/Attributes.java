package io.llmfleet.tracing;

/**
 * The names of what spans say: OpenTelemetry's semantic conventions for messaging (RabbitMQ) and
 * for generative AI, and the fleet's own. None of them ever holds a prompt or an answer.
 */
public final class Attributes {

    public static final String ERROR_TYPE = "error.type";

    public static final String TASK_ID = "llmfleet.task.id";
    public static final String TASK_TYPE = "llmfleet.task.type";
    public static final String TASK_EPOCH = "llmfleet.task.epoch";
    public static final String TASK_ATTEMPT = "llmfleet.task.attempt";

    /** What the router decided, or how a task or an attempt ended. */
    public static final String OUTCOME = "llmfleet.outcome";

    public static final String POOL = "llmfleet.pool";

    public static final String MESSAGING_SYSTEM = "messaging.system";
    public static final String RABBITMQ = "rabbitmq";
    public static final String OPERATION_NAME = "messaging.operation.name";
    public static final String OPERATION_TYPE = "messaging.operation.type";
    public static final String DESTINATION = "messaging.destination.name";
    public static final String ROUTING_KEY = "messaging.rabbitmq.destination.routing_key";
    public static final String MESSAGE_ID = "messaging.message.id";

    public static final String GEN_AI_OPERATION = "gen_ai.operation.name";
    public static final String GEN_AI_PROVIDER = "gen_ai.provider.name";
    public static final String GEN_AI_REQUEST_MODEL = "gen_ai.request.model";
    public static final String GEN_AI_RESPONSE_MODEL = "gen_ai.response.model";
    public static final String GEN_AI_INPUT_TOKENS = "gen_ai.usage.input_tokens";
    public static final String GEN_AI_OUTPUT_TOKENS = "gen_ai.usage.output_tokens";

    private Attributes() {}
}
