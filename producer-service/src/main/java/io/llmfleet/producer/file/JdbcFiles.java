package io.llmfleet.producer.file;

import io.llmfleet.model.Ids;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Files in PostgreSQL, each as a row and chunks of equal size. */
final class JdbcFiles implements Files {

    static final int CHUNK = 256 * 1024;

    private static final String INSERT =
            """
            insert into file (id, tenant, purpose, filename, is_view, created_at, expires_at, key)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (tenant, key) where key is not null do nothing
            """;

    /** Deletes by a list that is made once, so that files are gone in portions. */
    private static final String FORGET =
            "delete from file where id = any(array("
                    + "select id from file where expires_at < now() order by expires_at limit 100))";

    private static final int AT_ONCE = 2;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;

    /**
     * An upload holds a connection for seconds; if all did, no task would be accepted meanwhile.
     */
    private final Semaphore uploads = new Semaphore(AT_ONCE);

    private final Duration keep;
    private final Supplier<FileView> view;

    /**
     * @param keep how long a file is kept at most
     * @param view of all files that are views
     */
    JdbcFiles(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            Duration keep,
            Supplier<FileView> view) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.keep = keep;
        this.view = view;
    }

    @Override
    public Optional<Created> create(NewFile file, Content content, Optional<String> key)
            throws IOException {
        key.ifPresent(k -> forgetOld(file.tenant(), k));
        uploads.acquireUninterruptibly();
        try {
            UUID id = transactions.execute(tx -> store(file, content, key));
            if (id != null) {
                return Optional.of(new Created(find(file.tenant(), id).orElseThrow(), false));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            uploads.release();
        }
        return known(file, key.orElseThrow(), Fingerprint.of(file, content))
                .map(known -> new Created(known, true));
    }

    /** As long as the keys of tasks are kept, and no longer. */
    private void forgetOld(String tenant, String key) {
        jdbc.update(
                "update file set key = null where tenant = ? and key = ?"
                        + " and created_at < now() - interval '1 day'",
                tenant,
                key);
    }

    /** The row comes first, so that an equal request waits for this one to be done. */
    private @Nullable UUID store(NewFile file, Content content, Optional<String> key) {
        UUID id = Ids.newId();
        if (insert(id, file, false, key.orElse(null)) == 0) {
            return null;
        }
        Fingerprint fingerprint = new Fingerprint(file);
        long bytes = 0;
        try (InputStream in = fingerprint.over(content.open())) {
            byte[] chunk = in.readNBytes(CHUNK);
            for (int number = 0; chunk.length > 0; number++) {
                jdbc.update("insert into file_chunk values (?, ?, ?)", id, number, chunk);
                bytes += chunk.length;
                chunk = in.readNBytes(CHUNK);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        jdbc.update(
                "update file set bytes = ?, fingerprint = ? where id = ?",
                bytes,
                fingerprint.hex(),
                id);
        return id;
    }

    private int insert(UUID id, NewFile file, boolean isView, @Nullable String key) {
        Instant created = Ids.timeOf(id);
        Duration asked = file.expiresAfter();
        Duration life = asked == null || asked.compareTo(keep) > 0 ? keep : asked;
        return jdbc.update(
                INSERT,
                id,
                file.tenant(),
                file.purpose(),
                file.filename(),
                isView,
                created.atOffset(ZoneOffset.UTC),
                created.plus(life).atOffset(ZoneOffset.UTC),
                key);
    }

    private Optional<StoredFile> known(NewFile file, String key, String fingerprint) {
        return jdbc
                .query(
                        "select * from file where tenant = ? and key = ? and fingerprint = ?",
                        JdbcFiles::read,
                        file.tenant(),
                        key,
                        fingerprint)
                .stream()
                .findFirst();
    }

    @Override
    public UUID createView(NewFile file) {
        UUID id = Ids.newId();
        insert(id, file, true, null);
        return id;
    }

    @Override
    public void settleView(UUID id, long bytes) {
        jdbc.update("update file set bytes = ? where id = ? and is_view", bytes, id);
    }

    @Override
    public Optional<StoredFile> find(String tenant, UUID id) {
        return jdbc
                .query(
                        "select * from file where tenant = ? and id = ? and expires_at > now()",
                        JdbcFiles::read,
                        tenant,
                        id)
                .stream()
                .findFirst();
    }

    @Override
    public List<StoredFile> list(FileFilter filter) {
        StringBuilder sql =
                new StringBuilder("select * from file where tenant = ? and expires_at > now()");
        List<Object> arguments = new ArrayList<>(List.of(filter.tenant()));
        if (filter.purpose() != null) {
            sql.append(" and purpose = ?");
            arguments.add(filter.purpose());
        }
        if (filter.after() != null) {
            sql.append(filter.newestFirst() ? " and id < ?" : " and id > ?");
            arguments.add(filter.after());
        }
        sql.append(filter.newestFirst() ? " order by id desc limit ?" : " order by id limit ?");
        arguments.add(filter.limit());
        return jdbc.query(sql.toString(), JdbcFiles::read, arguments.toArray());
    }

    @Override
    public boolean delete(String tenant, UUID id) {
        return jdbc.update("delete from file where tenant = ? and id = ?", tenant, id) > 0;
    }

    void forget() {
        while (jdbc.update(FORGET) > 0) {
            // The next portion.
        }
    }

    @Override
    public InputStream read(String tenant, UUID id, long from) {
        StoredFile file = find(tenant, id).orElseThrow(FileGoneException::new);
        return new ChunkStream(
                number -> chunk(id, number), CHUNK, Objects.requireNonNull(file.bytes()), from);
    }

    private byte @Nullable [] chunk(UUID id, int number) {
        return jdbc
                .query(
                        "select body from file_chunk where file_id = ? and number = ?",
                        (row, n) -> row.getBytes("body"),
                        id,
                        number)
                .stream()
                .findFirst()
                .orElse(null);
    }

    @Override
    public void write(StoredFile file, OutputStream out) throws IOException {
        if (file.view()) {
            view.get().write(file, out);
        } else {
            try (InputStream in = read(file.tenant(), file.id(), 0)) {
                var _ = in.transferTo(out);
            }
        }
    }

    private static StoredFile read(ResultSet row, int number) throws SQLException {
        return new StoredFile(
                row.getObject("id", UUID.class),
                row.getString("tenant"),
                row.getString("purpose"),
                row.getString("filename"),
                row.getObject("bytes", Long.class),
                row.getBoolean("is_view"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("expires_at", OffsetDateTime.class).toInstant());
    }
}
