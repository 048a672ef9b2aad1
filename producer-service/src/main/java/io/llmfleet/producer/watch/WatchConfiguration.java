package io.llmfleet.producer.watch;

import io.llmfleet.producer.dispatch.Throughput;
import io.llmfleet.producer.event.Workers;
import io.llmfleet.producer.task.OpenTasks;
import io.llmfleet.wire.RetryLadder;
import java.time.Clock;
import java.util.List;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the watch together. */
@Configuration(proxyBeanMethods = false)
class WatchConfiguration {

    @Bean
    AmqpDepths amqpDepths(
            ConnectionFactory connectionFactory,
            Workers workers,
            @Value("${fleet.targets.pools}") List<String> pools,
            @Value("${fleet.retry.levels}") String levels) {
        return new AmqpDepths(connectionFactory, workers, pools, RetryLadder.parse(levels));
    }

    @Bean
    QueueDepths queueDepths(AmqpDepths depths) {
        return new RecentDepths(depths::byQueue, Clock.systemUTC());
    }

    @Bean
    QueueWatch queueWatch(OpenTasks openTasks, Throughput throughput, AmqpDepths depths) {
        return new QueueWatch(openTasks, throughput, depths);
    }
}
