package io.llmfleet.producer.file;

import io.llmfleet.producer.task.RetentionProperties;
import jakarta.servlet.MultipartConfigElement;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

/** Puts files together, and says what an upload may be. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FileProperties.class)
class FileConfiguration {

    private static final DataSize IN_MEMORY = DataSize.ofKilobytes(64);

    /** The other parts of an upload and what is between the parts. */
    private static final DataSize ENVELOPE = DataSize.ofMegabytes(1);

    /** An upload is on disk before it is looked at. */
    @Bean
    MultipartConfigElement uploads(FileProperties properties) {
        long max = properties.maxSize().toBytes();
        return new MultipartConfigElement(
                "", max, max + ENVELOPE.toBytes(), (int) IN_MEMORY.toBytes());
    }

    /** Files hold prompts and answers, so they are kept as long as these. */
    @Bean
    JdbcFiles files(
            JdbcTemplate jdbc,
            TransactionTemplate transactions,
            RetentionProperties retention,
            ObjectProvider<FileView> view) {
        return new JdbcFiles(
                jdbc, transactions, Duration.ofDays(retention.contentDays()), view::getObject);
    }

    @Bean
    FileUpkeep fileUpkeep(JdbcFiles files) {
        return new FileUpkeep(files);
    }
}
