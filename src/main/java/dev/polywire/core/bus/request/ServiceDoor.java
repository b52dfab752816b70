package dev.polywire.core.bus.request;

import io.vertx.core.Future;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Function;

/**
 * Types the failures of a service, on both sides of the bus and nowhere else. Between the generated handler and the class
 * that answers: that class may throw any exception, and its futures may fail with any; the handler gets one of our failures
 * (and would itself answer 500 or -1, with the exception's text). Between a caller and the generated proxy: the bus's own
 * failures are not ours.
 */
final class ServiceDoor implements InvocationHandler {

    private final Object service;
    private final Function<Throwable, ? extends Throwable> failures;
    private final Function<Throwable, Future<Object>> typed;

    private ServiceDoor(Object service, Function<Throwable, ? extends Throwable> failures) {
        this.service = service;
        this.failures = failures;
        this.typed = cause -> Future.failedFuture(failures.apply(cause));
    }

    /**
     * @param type the interface that handler and proxy were generated from; all its methods return futures
     * @param failures the failure for an exception
     */
    static <T> T of(Class<T> type, T service, Function<Throwable, ? extends Throwable> failures) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new ServiceDoor(service, failures)));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws IllegalAccessException {
        try {
            Object answer = method.invoke(service, arguments);
            return answer instanceof Future<?> outcome ? typed(outcome) : answer;
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof Error error) {
                throw error;
            }
            return Future.failedFuture(failures.apply(thrown.getCause()));
        }
    }

    /** Whatever its value is: a failed future has none. */
    @SuppressWarnings("unchecked")
    private Future<Object> typed(Future<?> outcome) {
        return ((Future<Object>) outcome).recover(typed);
    }
}
