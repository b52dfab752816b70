package dev.polywire.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every action of every service, over the bus: what the class behind it answers, throws or fails with, and what never gets
 * there. The interfaces are read, so that a new action is tried as soon as it is there.
 */
class ServiceContractTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final Map<Class<?>, String> ADDRESSES = new LinkedHashMap<>();

    /** What the class behind the service does, and how often it was asked. */
    private static volatile Supplier<Future<Object>> behaviour;

    private static volatile int asked;

    private record Action(Class<?> service, Method method) {

        @Override
        public String toString() {
            return service.getSimpleName() + "." + method.getName();
        }
    }

    @BeforeAll
    static void serveAll() {
        for (Class<?> service : Services.all()) {
            ADDRESSES.put(service, serve(service));
        }
    }

    @AfterAll
    static void close() {
        Outcome.value(VERTX.close());
    }

    private static <T> String serve(Class<T> service) {
        String name = "contract-" + service.getSimpleName().toLowerCase(java.util.Locale.ROOT);
        Object behind = Proxy.newProxyInstance(
                service.getClassLoader(), new Class<?>[] {service}, (proxy, method, arguments) -> {
                    asked++;
                    return behaviour.get();
                });
        Context context = VERTX.getOrCreateContext();
        Outcome.on(context, () -> {
            ConnectorOptions options = ConnectorOptions.fromJson(Fields.of(new JsonObject()), name);
            Connector connector = new Connector(VERTX, options, name, "nobody:1", Spi.NONE, ServiceContractTest::own);
            return connector.serve(service, service.cast(behind));
        });
        return "polywire." + name;
    }

    /** A protocol's mapping. */
    private static ServiceException own(Throwable cause) {
        return cause instanceof IllegalStateException
                ? Failure.CONFLICT.because("the protocol's own: " + cause.getMessage())
                : Failure.of(cause);
    }

    static Stream<Action> actions() {
        return ADDRESSES.keySet().stream()
                .flatMap(service -> Services.actions(service).stream().map(method -> new Action(service, method)));
    }

    @Test
    void noServiceIsForgotten() {
        Set<String> names =
                ADDRESSES.keySet().stream().map(Class::getSimpleName).collect(Collectors.toSet());
        assertTrue(
                names.containsAll(Set.of(
                        "MongoService",
                        "BoltService",
                        "BoltTransactionService",
                        "BoltQueryService",
                        "AmqpService",
                        "AmqpTransactionService",
                        "EventStoreService",
                        "EventStoreTransactionService",
                        "FramedService",
                        "StreamService",
                        "BindingService")),
                names::toString);
    }

    @ParameterizedTest
    @MethodSource("actions")
    void anAnswerIsGiven(Action action) {
        Object answer = Services.answer(action.method());
        behaviour = () -> Future.succeededFuture(answer);
        assertEquals(answer, Outcome.value(ask(action, Services.body(action.method()))));
    }

    @ParameterizedTest
    @MethodSource("actions")
    void whatIsThrownOrFailedWithIsTyped(Action action) {
        for (boolean thrown : new boolean[] {true, false}) {
            behave(thrown, new IllegalStateException("in use"));
            assertFailure(Failure.CONFLICT, "the protocol's own: in use", action);
            behave(thrown, new FieldException("a.b", "missing"));
            assertFailure(Failure.BAD_REQUEST, "a.b: missing", action);
            behave(thrown, Failure.NOT_FOUND.because("nothing"));
            assertFailure(Failure.NOT_FOUND, "nothing", action);
            try (LoggedTraces log = new LoggedTraces()) {
                behave(thrown, new NullPointerException("a secret"));
                assertFailure(Failure.INTERNAL, "internal error", action);
                assertEquals(1, log.traces().size());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("actions")
    void aBadRequestGoesNoFurther(Action action) {
        behaviour = () -> Future.succeededFuture(Services.answer(action.method()));
        int before = asked;
        JsonObject good = Services.body(action.method());
        for (Parameter parameter : action.method().getParameters()) {
            String name = parameter.getName();
            if (!Services.isNullable(parameter)) {
                JsonObject missing = good.copy();
                missing.remove(name);
                assertBad(name, ask(action, missing));
            }
            assertBad(name, ask(action, good.copy().put(name, Services.bad(parameter))));
        }
        assertBad("zzz", ask(action, good.copy().put("zzz", 1)));
        assertBad("body", ask(action, new JsonArray()));
        assertBad("action", ask(action.service(), good, new DeliveryOptions()));
        assertBad("action", ask(action.service(), good, new DeliveryOptions().addHeader("action", "noSuchThing")));
        assertEquals(before, asked);
    }

    private static void behave(boolean thrown, RuntimeException cause) {
        behaviour = () -> {
            if (thrown) {
                throw cause;
            }
            return Future.failedFuture(cause);
        };
    }

    private static void assertFailure(Failure wanted, String text, Action action) {
        ServiceException failure = (ServiceException) Outcome.failure(ask(action, Services.body(action.method())));
        assertEquals(wanted.code(), failure.failureCode());
        assertEquals(text, failure.getMessage());
        assertEquals(
                new JsonObject()
                        .put("name", wanted.name())
                        .put("retryable", wanted.retryable())
                        .put("mayHaveExecuted", wanted.mayHaveExecuted()),
                failure.getDebugInfo());
    }

    private static void assertBad(String field, Future<Object> outcome) {
        ServiceException failure = (ServiceException) Outcome.failure(outcome);
        assertEquals(Failure.BAD_REQUEST.code(), failure.failureCode());
        assertTrue(failure.getMessage().startsWith(field), failure.getMessage());
    }

    private static Future<Object> ask(Action action, Object body) {
        return ask(
                action.service(),
                body,
                new DeliveryOptions().addHeader("action", action.method().getName()));
    }

    private static Future<Object> ask(Class<?> service, Object body, DeliveryOptions options) {
        return VERTX.eventBus().request(ADDRESSES.get(service), body, options).map(reply -> reply.body());
    }
}
