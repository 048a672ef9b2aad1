package io.llmfleet.producer.once;

import io.llmfleet.producer.task.OnceKey;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Requests that were done, in PostgreSQL: whoever inserts the row does the work, and others wait at
 * the row until it is committed or gone.
 */
final class JdbcOnceRequests implements OnceRequests {

    private static final String FORGET =
            "delete from request_once where created_at < now() - interval '1 day'";
    private static final String CLAIM =
            "insert into request_once (tenant, key, fingerprint) values (?, ?, ?) on conflict do nothing";
    private static final String NOTE =
            "update request_once set resource = ? where tenant = ? and key = ?";
    private static final String FIND =
            "select resource, fingerprint from request_once where tenant = ? and key = ?";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;

    JdbcOnceRequests(JdbcTemplate jdbc, TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Override
    public Done run(String tenant, OnceKey key, Supplier<String> action) {
        jdbc.update(FORGET);
        return Objects.requireNonNull(
                transactions.execute(
                        tx ->
                                jdbc.update(CLAIM, tenant, key.key(), key.fingerprint()) == 0
                                        ? known(tenant, key)
                                        : first(tenant, key, action)));
    }

    private Done first(String tenant, OnceKey key, Supplier<String> action) {
        String resource = action.get();
        jdbc.update(NOTE, resource, tenant, key.key());
        return new Done(resource, false, true);
    }

    private Done known(String tenant, OnceKey key) {
        return jdbc.query(
                        FIND,
                        (row, n) ->
                                new Done(
                                        row.getString("resource"),
                                        true,
                                        Objects.equals(
                                                key.fingerprint(), row.getString("fingerprint"))),
                        tenant,
                        key.key())
                .getFirst();
    }
}
