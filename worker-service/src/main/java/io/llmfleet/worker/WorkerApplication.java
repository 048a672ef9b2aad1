package io.llmfleet.worker;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The worker service. */
@SpringBootApplication
public class WorkerApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(WorkerApplication.class, arguments);
    }
}
