"""What scripts on emitted packages expect of calls that are wrong. Python starts them isolated: they add this folder to its path."""
import re


def fails(kind, pattern, call):
    """The call raises an error of the kind, whose text holds what the pattern finds."""
    try:
        call()
    except kind as error:
        assert re.search(pattern, str(error)), f'{pattern} is not in: {error}'
        return
    raise AssertionError(f'nobody objects: {pattern}')
