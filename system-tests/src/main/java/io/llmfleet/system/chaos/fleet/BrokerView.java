package io.llmfleet.system.chaos.fleet;

import io.llmfleet.cli.FleetException;
import io.llmfleet.cli.local.BrokerEndpoint;
import io.llmfleet.cli.local.ManagementApi;
import io.llmfleet.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Queues and connections as the broker's management API shows them. */
public final class BrokerView {

    private final ManagementApi management;

    public BrokerView(BrokerEndpoint endpoint) {
        this.management = new ManagementApi(endpoint);
    }

    /** Messages in each of the fleet's queues that has any, streams left out. */
    public Map<String, Long> depths() {
        Map<String, Long> depths = new TreeMap<>();
        for (JsonNode queue : list("/api/queues?columns=name,type,messages")) {
            String name = queue.path("name").asString("");
            long messages = queue.path("messages").asLong(0);
            if (name.startsWith("llm.")
                    && !queue.path("type").asString("").equals("stream")
                    && messages > 0) {
                depths.put(name, messages);
            }
        }
        return depths;
    }

    public int connections() {
        return list("/api/connections?columns=name").size();
    }

    public int channels() {
        return list("/api/channels?columns=name").size();
    }

    /** Closes some connection; false if there is none. */
    public boolean closeOne(Random random) {
        List<JsonNode> all = list("/api/connections?columns=name");
        if (all.isEmpty()) {
            return false;
        }
        String name = all.get(random.nextInt(all.size())).path("name").asString("");
        try {
            management.delete("/api/connections/" + encode(name));
            return true;
        } catch (FleetException e) {
            // it was gone already
            return false;
        }
    }

    public void deleteQueue(String queue) {
        management.delete("/api/queues/%2F/" + encode(queue));
    }

    public void deleteExchange(String exchange) {
        management.delete("/api/exchanges/%2F/" + encode(exchange));
    }

    private List<JsonNode> list(String path) {
        List<JsonNode> all = new ArrayList<>();
        StreamSupport.stream(Json.MAPPER.readTree(management.get(path)).spliterator(), false)
                .forEach(all::add);
        return all;
    }

    private static String encode(String part) {
        return java.net.URLEncoder.encode(part, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20");
    }
}
