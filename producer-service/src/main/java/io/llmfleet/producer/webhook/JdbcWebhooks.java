package io.llmfleet.producer.webhook;

import io.llmfleet.model.Ids;
import io.llmfleet.producer.metrics.StoreMeters;
import io.llmfleet.producer.task.AfterCommit;
import io.llmfleet.producer.task.StoredOutcome;
import io.llmfleet.producer.task.TaskOutcomes;
import io.llmfleet.producer.task.Tasks;
import io.llmfleet.wire.Json;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;

/** Webhooks in PostgreSQL: written with the final state that they tell of, claimed for a while. */
final class JdbcWebhooks implements Webhooks, TaskOutcomes.Follower, Tasks.Keeper {

    /**
     * A delivery that this producer is at.
     *
     * @param secrets of its tenant that sign now
     */
    record Claimed(
            UUID id, String url, String body, int tries, String history, List<byte[]> secrets) {}

    private static final TypeReference<List<Delivery.Try>> TRIES = new TypeReference<>() {};
    private static final int TRIES_KEPT = 20;
    private static final long LOCK = 0x776562686f6f6bL;

    private static final String INSERT =
            """
            insert into webhook_delivery (id, tenant, task_id, type, url, endpoint, body)
            values (?, ?, ?, ?, ?, ?, ?)
            """;

    /** Under a lock, so that replicas together keep to what may be in flight for an endpoint. */
    private static final String CLAIM =
            """
            with busy as (select endpoint, count(*) as n from webhook_delivery
                          where claimed_until > now() group by endpoint),
            due as (select d.id, d.next_at,
                        row_number() over (partition by d.endpoint order by d.next_at, d.id)
                            + coalesce(b.n, 0) as place
                    from webhook_delivery d left join busy b using (endpoint)
                    where d.state = 'pending' and d.next_at <= now()
                        and (d.claimed_until is null or d.claimed_until <= now()))
            update webhook_delivery set claimed_until = now() + ? * interval '1 millisecond'
            where id = any(array(select id from due where place <= ? order by next_at limit ?))
            returning id, tenant, url, body, tries, history
            """;

    private static final String WAITING =
            """
            select count(*) as pending, coalesce(extract(epoch from now() - min(next_at)) * 1000, 0)::bigint as overdue
            from webhook_delivery where state = 'pending'
            """;

    private static final String SELECT = "select * from webhook_delivery where tenant = ?";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final SecretStore secrets;
    private volatile Runnable listener = () -> {};

    JdbcWebhooks(JdbcTemplate jdbc, TransactionTemplate transactions, SecretStore secrets) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.secrets = secrets;
    }

    void tell(StoreMeters meters) {
        jdbc.query(
                WAITING,
                row -> {
                    Duration overdue = Duration.ofMillis(row.getLong("overdue"));
                    meters.webhooks(row.getLong("pending"), overdue);
                });
    }

    /** Called after a commit that brought webhooks. */
    void onAdded(Runnable added) {
        listener = added;
    }

    @Override
    public void follow(List<StoredOutcome> stored) {
        List<Object[]> rows = new ArrayList<>();
        for (StoredOutcome one : stored) {
            String url = one.webhook();
            if (url != null) {
                rows.add(row(one, url));
            }
        }
        if (!rows.isEmpty()) {
            add(rows);
        }
    }

    @Override
    public void announce(Announcement a) {
        Object[] row = {
            Ids.newId(), a.tenant(), a.subject(), a.type(), a.url(), endpoint(a.url()), a.body()
        };
        add(List.<Object[]>of(row));
    }

    private void add(List<Object[]> rows) {
        jdbc.batchUpdate(INSERT, rows);
        AfterCommit.run(listener);
    }

    private static Object[] row(StoredOutcome one, String url) {
        UUID id = Ids.newId();
        OutcomeEvent said = OutcomeEvent.of(id, one);
        return new Object[] {
            id, one.tenant(), one.outcome().id(), said.type(), url, endpoint(url), said.body()
        };
    }

    static String endpoint(String url) {
        URI uri = URI.create(url);
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }

    @Override
    public void erase(UUID task) {
        jdbc.update("delete from webhook_delivery where task_id = ?", task);
    }

    /**
     * Takes deliveries that are due.
     *
     * @param perEndpoint how many of one endpoint may be claimed at once, by all producers together
     * @param hold after which others may take them if this producer dies
     */
    List<Claimed> claim(int perEndpoint, int limit, Duration hold) {
        List<Claimed> claimed =
                transactions.execute(
                        tx ->
                                locked()
                                        ? jdbc.query(
                                                CLAIM,
                                                this::claimed,
                                                hold.toMillis(),
                                                perEndpoint,
                                                limit)
                                        : List.<Claimed>of());
        return claimed == null ? List.of() : claimed;
    }

    private boolean locked() {
        return Boolean.TRUE.equals(
                jdbc.queryForObject("select pg_try_advisory_xact_lock(?)", Boolean.class, LOCK));
    }

    private Claimed claimed(ResultSet row, int number) throws SQLException {
        return new Claimed(
                row.getObject("id", UUID.class),
                row.getString("url"),
                row.getString("body"),
                row.getInt("tries"),
                Optional.ofNullable(row.getString("history")).orElse("[]"),
                secrets.signing(row.getString("tenant")));
    }

    /**
     * Notes what became of a try.
     *
     * @param wait before the next one; null if there is none
     */
    void tried(Claimed delivery, Delivery.Try done, boolean delivered, @Nullable Duration wait) {
        List<Delivery.Try> all = new ArrayList<>(tries(delivery.history()));
        all.add(done);
        List<Delivery.Try> kept = all.subList(Math.max(0, all.size() - TRIES_KEPT), all.size());
        jdbc.update(
                """
                update webhook_delivery set tries = tries + 1, history = ?, claimed_until = null, state = ?,
                    next_at = now() + ? * interval '1 millisecond',
                    finished_at = case when ? then now() end
                where id = ? and state = 'pending'
                """,
                Json.write(kept),
                delivered ? "delivered" : wait == null ? "failed" : "pending",
                wait == null ? 0 : wait.toMillis(),
                wait == null,
                delivery.id());
    }

    int forget(int days) {
        return jdbc.update(
                "delete from webhook_delivery where finished_at < now() - ? * interval '1 day'",
                days);
    }

    @Override
    public WebhookSecret secret(String tenant) {
        return secrets.get(tenant);
    }

    @Override
    public WebhookSecret rotate(String tenant) {
        return secrets.rotate(tenant);
    }

    @Override
    public List<Delivery> list(
            String tenant,
            Delivery.@Nullable State state,
            @Nullable UUID task,
            @Nullable UUID after,
            int limit) {
        StringBuilder sql = new StringBuilder(SELECT);
        List<Object> arguments = new ArrayList<>(List.of(tenant));
        restrict(sql, arguments, " and state = ?", state == null ? null : word(state));
        restrict(sql, arguments, " and task_id = ?", task);
        restrict(sql, arguments, " and id < ?", after);
        sql.append(" order by id desc limit ?");
        arguments.add(limit);
        return jdbc.query(sql.toString(), JdbcWebhooks::read, arguments.toArray());
    }

    private static void restrict(
            StringBuilder sql, List<Object> arguments, String condition, @Nullable Object value) {
        if (value != null) {
            sql.append(condition);
            arguments.add(value);
        }
    }

    @Override
    public Optional<Delivery> find(String tenant, UUID id) {
        return jdbc.query(SELECT + " and id = ?", JdbcWebhooks::read, tenant, id).stream()
                .findFirst();
    }

    @Override
    public Optional<Delivery> resend(String tenant, UUID id) {
        int found =
                jdbc.update(
                        """
                        update webhook_delivery set state = 'pending', next_at = now(), tries = 0, finished_at = null
                        where tenant = ? and id = ?
                        """,
                        tenant,
                        id);
        if (found > 0) {
            listener.run();
        }
        return find(tenant, id);
    }

    private static String word(Delivery.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static List<Delivery.Try> tries(@Nullable String json) {
        return json == null ? List.of() : Json.MAPPER.readValue(json, TRIES);
    }

    private static Delivery read(ResultSet row, int number) throws SQLException {
        Delivery.State state =
                Delivery.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
        return new Delivery(
                row.getObject("id", UUID.class),
                row.getObject("task_id", UUID.class),
                row.getString("type"),
                row.getString("url"),
                state,
                row.getInt("tries"),
                state == Delivery.State.PENDING ? time(row, "next_at") : null,
                tries(row.getString("history")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                time(row, "finished_at"));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
