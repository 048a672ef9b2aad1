package io.llmfleet.producer.deadletter;

import io.llmfleet.producer.deadletter.Breakers.Backend;
import io.llmfleet.producer.event.Workers;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Notes in the store when breakers open and close. Every replica does, and what one notes twice
 * changes nothing; so a closing is seen even if the replica that saw the opening is gone.
 */
final class BreakerWatch {

    private static final String OPENED =
            """
            insert into dead_letter_breaker (pool, model, open) values (?, ?, true)
            on conflict (pool, model) do update set open = true where not dead_letter_breaker.open
            """;
    private static final String CLOSED =
            """
            update dead_letter_breaker set open = false, closed_at = now() where pool = ? and model = ? and open
            """;

    private final JdbcTemplate jdbc;
    private final Workers workers;
    private final Map<Backend, Boolean> noted = new HashMap<>();

    BreakerWatch(JdbcTemplate jdbc, Workers workers) {
        this.jdbc = jdbc;
        this.workers = workers;
    }

    void look() {
        Breakers.open(workers.live()).forEach(this::note);
    }

    private void note(Backend backend, boolean open) {
        if (!Boolean.valueOf(open).equals(noted.get(backend))) {
            jdbc.update(open ? OPENED : CLOSED, backend.pool(), backend.model());
            noted.put(backend, open);
        }
    }
}
