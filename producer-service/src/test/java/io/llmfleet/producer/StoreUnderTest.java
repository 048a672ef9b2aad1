package io.llmfleet.producer;

import com.zaxxer.hikari.HikariDataSource;
import io.llmfleet.testing.TestDatabase;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The tables of a producer on a real PostgreSQL, without the producer. */
public final class StoreUnderTest implements AutoCloseable {

    private final HikariDataSource source = new HikariDataSource();

    public StoreUnderTest() {
        TestDatabase database = TestDatabase.create();
        source.setJdbcUrl(database.url());
        source.setUsername(database.user());
        source.setPassword(database.password());
        Flyway.configure().dataSource(source).load().migrate();
    }

    public JdbcTemplate jdbc() {
        return new JdbcTemplate(source);
    }

    public TransactionTemplate transactions() {
        return new TransactionTemplate(new DataSourceTransactionManager(source));
    }

    @Override
    public void close() {
        source.close();
    }
}
