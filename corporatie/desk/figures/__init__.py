"""The figures of the association: how much, never who.

The one place of the desk that counts rows without asking who looks. That is allowed because nothing leaves this
package but numbers that went through ``suppression``.
"""

from corporatie.desk.figures.counting import Figures, figures
from corporatie.desk.figures.quarters import Quarter
from corporatie.desk.figures.suppression import SHIELDED, Cell, Row, Share, lowest, share_of

__all__ = ["SHIELDED", "Cell", "Figures", "Quarter", "Row", "Share", "figures", "lowest", "share_of"]
