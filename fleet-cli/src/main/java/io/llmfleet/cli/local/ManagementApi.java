package io.llmfleet.cli.local;

import io.llmfleet.cli.FleetException;
import io.llmfleet.wire.BrokerTrust;
import io.llmfleet.wire.BrokerUser;
import io.llmfleet.wire.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Users, permissions and virtual hosts over RabbitMQ's management API, of the first node that
 * answers.
 */
public final class ManagementApi {

    /** One for all, since tests make many of these, and each client has a thread. */
    private static final HttpClient HTTP = client(BrokerTrust.OF_JDK);

    private final HttpClient http;
    private final List<String> nodes;
    private final String vhost;
    private final String authorization;

    /**
     * @param endpoint one that has a management URL
     */
    public ManagementApi(BrokerEndpoint endpoint) {
        String urls = Objects.requireNonNull(endpoint.managementUrl(), "management URL");
        this.nodes = List.of(urls.split(","));
        this.http = endpoint.trust().authorities() == null ? HTTP : client(endpoint.trust());
        this.vhost = endpoint.vhost();
        String login = endpoint.user() + ":" + endpoint.password();
        this.authorization =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    /** The JDK's client verifies the names of hosts by itself. */
    private static HttpClient client(BrokerTrust trust) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .sslContext(trust.context())
                .build();
    }

    boolean answers() {
        try {
            return send("GET", "/api/whoami", "").statusCode() == 200;
        } catch (FleetException e) {
            return false;
        }
    }

    /** The virtual host of the endpoint, made if it is not there. */
    public void putVhost() {
        put("/api/vhosts/" + part(vhost), Map.of());
    }

    public void deleteVhost() {
        require(send("DELETE", "/api/vhosts/" + part(vhost), ""), "delete a virtual host");
    }

    boolean hasUser(String user) {
        var response = send("GET", "/api/users/" + part(user), "");
        return response.statusCode() != 404
                && require(response, "look for a user").statusCode() == 200;
    }

    void deleteUser(String user) {
        delete("/api/users/" + part(user));
    }

    /** The endpoint's own user may do everything on its virtual host. */
    public void grantAll(String user) {
        put(
                "/api/permissions/" + part(vhost) + "/" + part(user),
                Map.of("configure", ".*", "write", ".*", "read", ".*"));
    }

    /** Makes the user or gives it this password, and grants it just what it needs. */
    public void putUser(BrokerUser user, String password) {
        put("/api/users/" + part(user.name()), Map.of("password", password, "tags", ""));
        String path = part(vhost) + "/" + part(user.name());
        // First, so that nobody ever has the other rights without them.
        user.keys()
                .forEach(
                        (exchange, keys) ->
                                put(
                                        "/api/topic-permissions/" + path,
                                        Map.of(
                                                "exchange", exchange,
                                                "write", keys.written(),
                                                "read", keys.bound())));
        put(
                "/api/permissions/" + path,
                Map.of(
                        "configure", user.configure(),
                        "write", user.write(),
                        "read", user.read()));
    }

    /** The answer's JSON. */
    public String get(String path) {
        return require(send("GET", path, ""), "read " + path).body();
    }

    public void delete(String path) {
        require(send("DELETE", path, ""), "delete " + path);
    }

    private void put(String path, Map<String, ?> body) {
        require(send("PUT", path, Json.write(body)), "write " + path);
    }

    private static HttpResponse<String> require(HttpResponse<String> response, String what) {
        if (response.statusCode() == 401) {
            throw new FleetException(
                    "the broker's management API does not know the user of the broker's URI");
        }
        if (response.statusCode() >= 400) {
            throw new FleetException(
                    "the broker's management API refuses to "
                            + what
                            + ": "
                            + response.statusCode()
                            + " "
                            + response.body());
        }
        return response;
    }

    private HttpResponse<String> send(String method, String path, String body) {
        IOException failure = new IOException("no node");
        for (String node : nodes) {
            try {
                return http.send(
                        request(node, method, path, body), HttpResponse.BodyHandlers.ofString());
            } catch (IOException e) {
                failure = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FleetException("interrupted", e);
            }
        }
        throw unreachable(failure);
    }

    private HttpRequest request(String node, String method, String path, String body)
            throws IOException {
        return HttpRequest.newBuilder(ManagementUrl.uri(node + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private FleetException unreachable(IOException e) {
        return new FleetException(
                FleetException.UNREACHABLE,
                "the broker's management API at "
                        + String.join(", ", nodes)
                        + BrokerTrust.problem(e)
                                .map(p -> " is not used: " + p)
                                .orElse(" does not answer"),
                e);
    }

    static String part(String name) {
        return BrokerEndpoint.encode(name);
    }
}
