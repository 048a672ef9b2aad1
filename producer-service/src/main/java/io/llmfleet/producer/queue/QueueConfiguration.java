package io.llmfleet.producer.queue;

import io.llmfleet.producer.dispatch.DispatchProperties;
import io.llmfleet.producer.event.Workers;
import io.llmfleet.producer.task.WaitingTasks;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the places in line together. */
@Configuration(proxyBeanMethods = false)
class QueueConfiguration {

    /** Nobody minds whether ten thousand or more are before them. */
    private static final int COUNTED = 10_000;

    @Bean
    QueuePlaces queuePlaces(WaitingTasks tasks, Workers workers, DispatchProperties dispatch) {
        Lines lines = new Lines(tasks, dispatch.isFair(), COUNTED, System::nanoTime);
        return new QueuePlaces(lines, workers, Clock.systemUTC());
    }
}
