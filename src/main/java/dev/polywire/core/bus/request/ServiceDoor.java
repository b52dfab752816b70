package dev.polywire.core.bus.request;

import io.vertx.core.Future;
import io.vertx.serviceproxy.ServiceException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Function;

/**
 * Stands between the generated handler of a service and the class that answers. That class may throw any exception, and its
 * futures may fail with any; the handler gets one of our failures, typed here and nowhere else. (The handler itself would
 * answer 500 or -1, with the exception's text.)
 */
final class ServiceDoor implements InvocationHandler {

    private final Object service;
    private final Function<Throwable, ServiceException> failures;

    private ServiceDoor(Object service, Function<Throwable, ServiceException> failures) {
        this.service = service;
        this.failures = failures;
    }

    /**
     * @param type the interface the handler was generated from; all its methods return futures
     * @param failures the protocol's mapping
     */
    static <T> T of(Class<T> type, T service, Function<Throwable, ServiceException> failures) {
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

    private <T> Future<T> typed(Future<T> outcome) {
        return outcome.recover(cause -> Future.failedFuture(failures.apply(cause)));
    }
}
