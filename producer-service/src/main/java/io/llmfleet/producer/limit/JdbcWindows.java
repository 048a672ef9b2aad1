package io.llmfleet.producer.limit;

import java.time.Duration;
import org.springframework.jdbc.core.JdbcTemplate;

/** The windows of limits per minute in PostgreSQL, by the clock of the database. */
final class JdbcWindows implements RequestLeases.Store {

    static final String REQUESTS = "requests";
    static final String TOKENS = "tokens";

    private static final String TAKE =
            "select granted, used, left_ms from limit_take(?, '" + REQUESTS + "', ?, ?, ?)";
    private static final String PEEK =
            """
            select r.used, ceil(extract(epoch from r.started_at + interval '1 minute' - clock_timestamp()) * 1000) as left_ms
            from limit_window w, lateral limit_roll(w, clock_timestamp(), ?) r where w.owner = ? and w.kind = ?
            """;
    private static final String FORGET =
            "delete from limit_window where started_at < now() - interval '7 days'";

    private final JdbcTemplate jdbc;

    JdbcWindows(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public RequestLeases.Grant take(String owner, long atLeast, long atMost, long limit) {
        return jdbc.query(
                        TAKE,
                        (row, n) ->
                                new RequestLeases.Grant(
                                        row.getLong("granted"),
                                        row.getLong("used"),
                                        Duration.ofMillis(row.getLong("left_ms"))),
                        owner,
                        atLeast,
                        atMost,
                        limit)
                .getFirst();
    }

    /** What is used, without using anything. */
    Window peek(String owner, String kind, long limit) {
        return jdbc
                .query(
                        PEEK,
                        (row, n) ->
                                new Window(
                                        limit,
                                        row.getLong("used"),
                                        Duration.ofMillis(row.getLong("left_ms"))),
                        limit,
                        owner,
                        kind)
                .stream()
                .findFirst()
                .orElse(new Window(limit, 0, Duration.ZERO));
    }

    /** Removes what nobody used for long. */
    void forget() {
        jdbc.update(FORGET);
    }
}
