package io.llmfleet.producer.file;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Removes files whose time is over; nobody sees them from then on, so it need not be at once. */
final class FileUpkeep implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FileUpkeep.class);

    private final JdbcFiles files;
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("files").factory());

    FileUpkeep(JdbcFiles files) {
        this.files = files;
        var _ = schedule.scheduleWithFixedDelay(this::clean, 1, 10, TimeUnit.MINUTES);
    }

    private void clean() {
        try {
            files.forget();
        } catch (DataAccessException e) {
            log.warn("expired files were not removed, trying again later: {}", e.toString());
        }
    }

    @Override
    public void close() {
        schedule.shutdownNow();
    }
}
