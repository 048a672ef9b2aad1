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
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Nodes, queues and connections as the broker shows them to its administrator. */
public final class BrokerView {

    private final BrokerEndpoint endpoint;
    private final ManagementApi management;

    public BrokerView(BrokerEndpoint endpoint) {
        this.endpoint = endpoint;
        this.management = new ManagementApi(endpoint);
    }

    /**
     * Messages that wait in each of the fleet's queues that has any, streams left out. The queues
     * themselves are asked: the figures of the management API are old after a node was lost.
     */
    public Map<String, Long> depths() {
        Map<String, Long> depths = new TreeMap<>();
        List<String> names =
                fleetQueues("name,type").stream()
                        .filter(q -> !q.path("type").asString("").equals("stream"))
                        .map(q -> q.path("name").asString(""))
                        .toList();
        new AdminChannel(endpoint)
                .run(
                        channel -> {
                            for (String name : names) {
                                long waiting = channel.messageCount(name);
                                if (waiting > 0) {
                                    depths.put(name, waiting);
                                }
                            }
                        });
        return depths;
    }

    public long runningNodes() {
        return list("/api/nodes?columns=name,running").stream()
                .filter(n -> n.path("running").asBoolean(false))
                .count();
    }

    /**
     * How many of the fleet's queues and streams each node leads; those that lead none left out.
     */
    public Map<String, Long> leaders() {
        return fleetQueues("name,leader").stream()
                .collect(
                        Collectors.groupingBy(
                                q -> q.path("leader").asString(""),
                                TreeMap::new,
                                Collectors.counting()));
    }

    /** Queues and streams of the fleet that have a member of which nothing is heard. */
    public List<String> lackingMembers() {
        return fleetQueues("name,members,online").stream()
                .filter(q -> q.path("online").size() < Math.max(1, q.path("members").size()))
                .map(q -> q.path("name").asString(""))
                .toList();
    }

    /** Queues and streams of the fleet that have not just as many members. */
    public List<String> withoutMembers(int members) {
        return fleetQueues("name,members").stream()
                .filter(q -> q.path("members").size() != members)
                .map(q -> q.path("name").asString(""))
                .toList();
    }

    private List<JsonNode> fleetQueues(String columns) {
        return list("/api/queues?columns=" + columns).stream()
                .filter(q -> q.path("name").asString("").startsWith("llm."))
                .toList();
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
