"""Which columns of a table are attributes, by themselves or by name, and what they may hold."""

import datasets
import numpy as np
import pytest
import torch
from PIL import Image

from gansmith.data import Source, open_dataset
from gansmith.errors import GansmithError

pytestmark = pytest.mark.usefixtures("cache")
GLAD, TALL = ("bool", [True, False, False, True]), ("bool", [False, False, True, True])


@pytest.fixture
def table(tmp_path, pixels):
    """Writes four images to a parquet file, with these columns of a kind."""

    def path_of(**columns):
        kinds = {n: datasets.Value(kind) if isinstance(kind, str) else kind for n, (kind, _) in columns.items()}
        rows = {"image": [Image.fromarray(p) for p in pixels[:4]], **{n: values for n, (_, values) in columns.items()}}
        features = datasets.Features({"image": datasets.Image(), **kinds})
        datasets.Dataset.from_dict(rows, features).to_parquet(tmp_path / "a.parquet")
        return str(tmp_path / "a.parquet")

    return path_of


def opened(path, columns=None, **how):
    return open_dataset(Source(path, attribute_columns=columns, **how))


def test_booleans_are_attributes_by_themselves_and_go_before_numbers(table):
    data = opened(table(glad=GLAD, part=("int64", [0, 1, 0, 1]), share=("float32", [0.0, 1.0, 0.5, 0.0]), tall=TALL))
    assert data.attribute_names == ["glad", "tall"] and data.found
    assert data.attributes.tolist() == [[1, 0], [0, 0], [0, 1], [1, 1]] and data.attributes.dtype == torch.float32


def test_whole_numbers_are_where_all_of_them_say_yes_or_no(table):
    numbers = {"signed": [-1, 1, 1, -1], "unsigned": [0, 0, 1, 1], "mixed": [-1, 0, 1, 1], "more": [0, 1, 2, 1]}
    columns = {name: ("int8", values) for name, values in numbers.items()}
    data = opened(table(**columns, holes=("int64", [1, None, 0, 1]), share=("float32", [0.0, 1.0, 1.0, 0.0])))
    assert data.attribute_names == ["signed", "unsigned"]
    assert data.attributes.tolist() == [[0, 0], [1, 0], [1, 1], [0, 1]]


def test_none_are_where_there_are_labels_or_none_are_wanted(table):
    label = (datasets.ClassLabel(names=["no", "yes"]), [0, 1, 1, 0])
    data = opened(table(label=label, glad=GLAD))
    assert data.labels.tolist() == [0, 1, 1, 0] and data.attributes is None and data.attribute_names == []
    assert opened(table(glad=GLAD, tall=TALL), label_column="tall").attributes is None
    assert opened(table(glad=GLAD), "").attributes is None
    both = opened(table(label=label, glad=GLAD), "glad")
    assert both.labels is not None and both.attributes.tolist() == [[1], [0], [0], [1]] and not both.found


def test_a_column_with_empty_cells_is_left_out_with_a_warning_unless_it_is_asked_for(table):
    path = table(glad=GLAD, hat=("bool", [True, None, False, True]))
    with pytest.warns(UserWarning, match="'hat' is empty in some rows: going on without this attribute"):
        assert opened(path).attribute_names == ["glad"]
    with pytest.raises(GansmithError, match=r"column 'hat' holds None in row 1: .* --attribute-columns"):
        opened(path, "hat")


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        ("int64", [1, -1, 1, 2], "2 in row 3"),
        ("int64", [1, -1, 0, 1], "0 in row 2"),
        ("float64", [0.5, -1.0, 1.0, 1.0], "0.5 in row 0"),
        ("float64", [0.5, float("nan"), 1.0, 0.0], "nan in row 1"),
        ("float32", [0.0, 1.0, -0.5, -1.0], "-0.5 in row 2"),
        ("string", ["yes", "no", "no", "yes"], "'yes' in row 0"),
        (datasets.List(datasets.Value("int64")), [[1], [0], [1], [0]], r"array\(\[1\]\) in row 0"),
    ],
)
def test_other_values_are_one_line_with_column_value_and_mend(table, kind, values, told):
    path = table(glad=GLAD, odd=(kind, values))
    with pytest.raises(GansmithError, match=f"^column 'odd' holds {told}: .* write those, or choose others") as caught:
        opened(path, "glad,odd")
    assert "\n" not in str(caught.value)


def test_arrays_take_minus_one_and_one_too(tmp_path, pixels):
    signs = np.array([-1, 1, 1, -1], dtype=np.int8)
    np.savez(tmp_path / "a.npz", images=pixels[:4], glad=signs, odd=signs * 2, flat=signs[:, None])
    assert opened(str(tmp_path / "a.npz"), "glad", image_column="images").attributes.tolist() == [[0], [1], [1], [0]]
    for name, told in (("odd", "array 'odd' holds -2 in row 0"), ("flat", "array 'flat' holds lists")):
        with pytest.raises(GansmithError, match=told):
            opened(str(tmp_path / "a.npz"), name, image_column="images")


def test_pictures_of_one_name_have_no_line_in_a_list_of_names(folder):
    """Before, both had the attributes of one."""
    (folder / "dog" / "00.png").write_bytes((folder / "dog" / "11.png").read_bytes())
    lines = "\n".join(f"{i:02d}.png 1" for i in range(12))
    (folder / "list_attr_celeba.txt").write_text(f"12\nYoung\n{lines}\n")
    with pytest.raises(GansmithError, match=r"several pictures in .* are called 00\.png, and a list knows"):
        open_dataset(Source(str(folder)))
