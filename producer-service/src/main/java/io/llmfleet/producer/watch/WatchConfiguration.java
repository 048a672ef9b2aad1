package io.llmfleet.producer.watch;

import io.llmfleet.producer.dispatch.Throughput;
import io.llmfleet.producer.event.Workers;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.wire.RetryLadder;
import java.util.List;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the watch together. */
@Configuration(proxyBeanMethods = false)
class WatchConfiguration {

    @Bean
    QueueWatch queueWatch(
            OpenTasks openTasks,
            Throughput throughput,
            ConnectionFactory connectionFactory,
            Workers workers,
            @Value("${fleet.targets.pools}") List<String> pools,
            @Value("${fleet.retry.levels}") String levels) {
        AmqpDepths depths =
                new AmqpDepths(connectionFactory, workers, pools, RetryLadder.parse(levels));
        return new QueueWatch(openTasks, throughput, depths);
    }
}
