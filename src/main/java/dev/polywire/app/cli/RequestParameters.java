package dev.polywire.app.cli;

import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Parameters;

/** The address, action and arguments of a request. */
final class RequestParameters {

    @Parameters(index = "0", paramLabel = "ADDRESS", description = "a service, as polywire.mongodb")
    String address = "";

    @Parameters(index = "1", paramLabel = "ACTION", description = "a method of the service")
    String action = "";

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "JSON",
            defaultValue = "{}",
            converter = JsonArgument.class,
            description = "an object with one field for each argument; - reads it from standard input")
    JsonObject body = new JsonObject();
}
