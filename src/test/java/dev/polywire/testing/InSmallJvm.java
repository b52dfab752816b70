package dev.polywire.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * This test compares something with the heap: it runs in the {@link SmallJvm}, where no other test allocates meanwhile. Its
 * class is made there once more, with its {@code @AfterEach}, and nothing else of JUnit.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InSmallJvm.There.class)
public @interface InSmallJvm {

    /** Sends the test there. */
    final class There implements InvocationInterceptor {

        @Override
        public void interceptTestMethod(
                Invocation<Void> here, ReflectiveInvocationContext<Method> test, ExtensionContext context) {
            here.skip();
            String name = test.getExecutable().getName();
            SmallJvm.End end = SmallJvm.run(Program.class, test.getTargetClass().getName(), name)
                    .requireClean();
            assertEquals(
                    name + " passed",
                    end.output().strip().lines().reduce((first, last) -> last).orElse(""));
        }
    }

    /** Runs it. */
    final class Program {

        private Program() {}

        public static void main(String[] classAndMethod) throws Throwable {
            Class<?> tests = Class.forName(classAndMethod[0]);
            Constructor<?> constructor = tests.getDeclaredConstructor();
            constructor.setAccessible(true);
            Object test = constructor.newInstance();
            try {
                call(test, tests.getDeclaredMethod(classAndMethod[1]));
            } finally {
                for (Method method : tests.getDeclaredMethods()) {
                    if (method.isAnnotationPresent(AfterEach.class)) {
                        call(test, method);
                    }
                }
            }
            System.out.println(classAndMethod[1] + " passed");
        }

        private static void call(Object test, Method method) throws ReflectiveOperationException {
            method.setAccessible(true);
            method.invoke(test);
        }
    }
}
