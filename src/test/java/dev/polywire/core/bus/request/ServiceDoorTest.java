package dev.polywire.core.bus.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.bus.binding.BindingService;
import dev.polywire.core.json.FieldException;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Whatever a service throws or fails with, its handler gets a failure of the table. */
class ServiceDoorTest {

    private Supplier<Future<JsonObject>> answer = () -> Future.succeededFuture(new JsonObject());
    private final BindingService door = ServiceDoor.of(
            BindingService.class,
            new BindingService() {

                @Override
                public Future<JsonObject> status(String id) {
                    return answer.get().map(known -> known.put("id", id));
                }

                @Override
                public Future<Void> close(String id) {
                    return answer.get().mapEmpty();
                }
            },
            cause -> cause instanceof IllegalStateException
                    ? Failure.CONFLICT.because("the protocol's own: " + cause.getMessage())
                    : Failure.of(cause));

    @Test
    void anAnswerPasses() {
        assertEquals(new JsonObject().put("id", "x"), Outcome.value(door.status("x")));
    }

    @Test
    void whatIsThrownIsTyped() {
        answer = () -> {
            throw new FieldException("a", "missing");
        };
        assertEquals("4400 a: missing", failure());
        answer = () -> {
            throw new IllegalStateException("in use");
        };
        assertEquals("4409 the protocol's own: in use", failure());
    }

    @Test
    void whatFailsIsTyped() {
        answer = () -> Future.failedFuture(new FieldException("a", "missing"));
        assertEquals("4400 a: missing", failure());
        answer = () -> Future.failedFuture(new IllegalStateException("in use"));
        assertEquals("4409 the protocol's own: in use", failure());
        answer = () -> Future.failedFuture(Failure.NOT_FOUND.because("nothing"));
        assertEquals("4404 nothing", failure());
    }

    @Test
    void anErrorIsNoAnswer() {
        answer = () -> {
            throw new AssertionError("a bug");
        };
        assertThrows(AssertionError.class, () -> door.status("x"));
    }

    private String failure() {
        ServiceException typed = (ServiceException) Outcome.failure(door.status("x"));
        return typed.failureCode() + " " + typed.getMessage();
    }
}
