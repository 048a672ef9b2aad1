package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.event.Workers;
import io.llmfleet.producer.task.TargetProperties;
import io.llmfleet.producer.watch.QueueDepths;
import io.llmfleet.type.TaskTypes;
import io.llmfleet.wire.WorkerInfo;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows what the fleet can do, and who does it at present. */
@Tag(name = "Fleet", description = "What can be asked for, and who is there to do it.")
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
class FleetController {

    private final TaskTypes types;
    private final TargetProperties targets;
    private final Workers workers;
    private final QueueDepths depths;

    FleetController(
            TaskTypes types, TargetProperties targets, Workers workers, QueueDepths depths) {
        this.types = types;
        this.targets = targets;
        this.workers = workers;
        this.depths = depths;
    }

    @Operation(
            summary = "List the types of tasks",
            description = "With the JSON Schemas (2020-12) of their inputs and outputs.")
    @ApiResponse(responseCode = "200", description = "By name.", useReturnTypeSchema = true)
    @Refusals.OfAll
    @GetMapping("/types")
    List<TypeJson> types() {
        return types.all().stream().map(TypeJson::of).toList();
    }

    @Operation(
            summary = "List the pools",
            description = "Every configured pool with what its live workers offer together.")
    @ApiResponse(
            responseCode = "200",
            description = "As they are configured.",
            useReturnTypeSchema = true)
    @Refusals.OfAll
    @GetMapping("/pools")
    List<PoolJson> pools() {
        List<WorkerInfo> live = workers.live();
        return targets.pools().stream().map(pool -> PoolJson.of(pool, live)).toList();
    }

    @Operation(
            summary = "List the workers",
            description = "Those that were heard in the last seconds and are not leaving.")
    @ApiResponse(
            responseCode = "200",
            description = "By pool and name.",
            useReturnTypeSchema = true)
    @Refusals.OfAll
    @GetMapping("/workers")
    List<WorkerInfo> workers() {
        return workers.live();
    }

    @Operation(
            summary = "List the queues",
            description =
                    "How many messages wait in each queue of the broker that carries tasks, replies"
                            + " or dead letters; a second old at most.")
    @ApiResponse(
            responseCode = "200",
            description = "Those that there are; none while the broker is away.",
            useReturnTypeSchema = true)
    @Refusals.OfAll
    @GetMapping("/queues")
    List<DepthJson> queues() {
        return depths.now().entrySet().stream()
                .map(e -> new DepthJson(e.getKey(), e.getValue()))
                .toList();
    }
}
