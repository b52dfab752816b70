package dev.polywire.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;

/** What a caller hears of an exception is said by the door of the service, by the protocol's mapping. */
final class TypeFailure extends ArchCondition<JavaClass> {

    private final String failure;

    /** @param base of the packages */
    TypeFailure(String base) {
        super("type a failure");
        this.failure = base + ".core.bus.request.Failure";
    }

    @Override
    public void check(JavaClass from, ConditionEvents events) {
        Stream<JavaCodeUnitAccess<?>> used =
                Stream.concat(from.getMethodCallsFromSelf().stream(), from.getMethodReferencesFromSelf().stream());
        used.filter(this::types)
                .forEach(call -> events.add(SimpleConditionEvent.satisfied(from, call.getDescription())));
    }

    private boolean types(JavaCodeUnitAccess<?> call) {
        return call.getTargetOwner().getName().equals(failure)
                && call.getTarget().getName().equals("of")
                && call.getTarget().getRawParameterTypes().get(0).getName().equals("java.lang.Throwable");
    }
}
