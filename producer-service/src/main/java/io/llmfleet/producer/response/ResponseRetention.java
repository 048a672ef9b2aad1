package io.llmfleet.producer.response;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Forgets responses whose time is over, and those that never had a task, every hour. */
final class ResponseRetention implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ResponseRetention.class);

    private final JdbcResponses responses;
    private final int contentDays;
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("responses").factory());

    /**
     * @param contentDays how long prompts and answers are kept
     */
    ResponseRetention(JdbcResponses responses, int contentDays) {
        this.responses = responses;
        this.contentDays = contentDays;
        var _ = schedule.scheduleWithFixedDelay(this::forget, 0, 1, TimeUnit.HOURS);
    }

    @Override
    public void close() {
        schedule.shutdownNow();
    }

    private void forget() {
        try {
            responses.forgetOld(contentDays);
            responses.forgetOrphans();
        } catch (DataAccessException e) {
            log.warn("old responses were not forgotten, trying again in an hour: {}", e.toString());
        }
    }
}
